# Tokens of four people of Pemerintah Kota Dumai, and words for asking, for the stories of README.md and docs/.
# To be sourced in bash from the root of the repository, beside a service that runs on this machine in development.
V1=http://127.0.0.1:${PORT:-8000}/v1
TODAY=$(TZ=WIB-7 date +%F)  # days are those of Western Indonesia Time
HR=$(./nusatalenta token --role hr-officer --subject siti --institution "Pemerintah Kota Dumai")
ANI=$(./nusatalenta token --role committee-member --subject ani --institution "Pemerintah Kota Dumai")
BUDI=$(./nusatalenta token --role committee-chair --subject budi --institution "Pemerintah Kota Dumai")
PPK=$(./nusatalenta token --role appointing-authority --subject ppk --institution "Pemerintah Kota Dumai")

key() { python3 -c 'import uuid; print(uuid.uuid4())'; }
call() { curl -s -w '\n' -H "Authorization: Bearer $1" -H "Content-Type: application/json" -H "Idempotency-Key: $(key)" -H "If-Match: *" "${@:2}"; }
at() { python3 -c 'import functools, json, sys; print(functools.reduce(lambda d, k: d[int(k) if k.isdigit() else k], sys.argv[1].split("."), json.load(sys.stdin)))' $1; }
id() { at id; }
day() { python3 -c "import datetime; print(datetime.date.today() + datetime.timedelta($1))"; }
done_with() { until call $HR $V1/calculations/$1 | grep -q '"state":"done"'; do sleep 1; done; }
