sudo systemctl daemon-reload
sudo systemctl enable --now latchkey-renew.timer
sudo systemctl start latchkey-renew.service  # once now, to see that it works
