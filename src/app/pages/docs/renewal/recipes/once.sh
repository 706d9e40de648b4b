curl -X POST https://tokens.example/api/v1/token/renew \
  -H "Authorization: Bearer $LATCHKEY_TOKEN"
