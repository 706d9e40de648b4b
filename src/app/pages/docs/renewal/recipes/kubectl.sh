kubectl create secret generic latchkey --from-env-file=latchkey.env
kubectl create configmap latchkey-renew --from-file=latchkey-renew --from-file=latchkey-store
kubectl apply -f latchkey-renew.yaml
kubectl create job --from=cronjob/latchkey-renew latchkey-renew-try  # once now
