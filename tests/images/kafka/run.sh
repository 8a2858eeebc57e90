#!/bin/bash
# KAFKA_LOG_DIRS=x becomes log.dirs=x and so on; then the storage is formatted, once, and the broker started.
set -euo pipefail

settings=/opt/kafka/config/server.properties
env | grep '^KAFKA_' | grep -v -e '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r name value; do
    name=${name#KAFKA_}
    name=${name//_/.}
    echo "${name,,}=$value"
done >"$settings"

read -ra heap <<<"${KAFKA_HEAP_OPTS:--Xmx320m}"
java=(
    /opt/java/bin/java "${heap[@]}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
    -Dlog4j2.configurationFile=/opt/kafka/log4j2.properties
    --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
    -cp '/opt/kafka/libs/*'
)
"${java[@]}" kafka.tools.StorageTool format --ignore-formatted "--cluster-id=$CLUSTER_ID" -c "$settings"
exec "${java[@]}" kafka.Kafka "$settings"
