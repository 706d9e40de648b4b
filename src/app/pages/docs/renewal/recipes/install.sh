sudo install -m 755 latchkey-renew /usr/local/bin/latchkey-renew
chmod 600 ~/latchkey.env
latchkey-renew ~/latchkey.env  # says nothing: it can be read, and the token lives
