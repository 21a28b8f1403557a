# The agent in a container, built from the repository: nothing but Docker is needed on the machine that builds it.
# To see the machine rather than the container, mount its /proc, /sys and / as docker-compose.yml does.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn -B -ntp -q package -DskipTests \
 && mkdir /out \
 && tar -xzf distribution/target/tidewatch-*.tar.gz -C /out --strip-components=1

FROM eclipse-temurin:17-jre-jammy

RUN groupadd --system --gid 9100 tidewatch \
 && useradd --system --uid 9100 --gid tidewatch --no-create-home --home-dir /var/lib/tidewatch tidewatch \
 && install -d -o tidewatch -g tidewatch -m 0750 /var/lib/tidewatch
COPY --from=build /out /opt/tidewatch

USER tidewatch
ENV TIDEWATCH_STATE=/var/lib/tidewatch
VOLUME /var/lib/tidewatch

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9100; printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3; grep -q alive <&3"]
ENTRYPOINT ["/opt/tidewatch/bin/tidewatch"]
CMD ["run"]
