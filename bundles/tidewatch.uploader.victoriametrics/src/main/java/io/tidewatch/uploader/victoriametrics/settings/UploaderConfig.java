package io.tidewatch.uploader.victoriametrics.settings;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration, PID {@code tidewatch.uploader.victoriametrics}. */
@ObjectClassDefinition(
        id = UploaderConfig.PID,
        name = "VictoriaMetrics uploader",
        description = "Delivers pending samples to VictoriaMetrics")
public @interface UploaderConfig {
    String PID = "tidewatch.uploader.victoriametrics";

    @AttributeDefinition(description = "false: samples are only stored")
    String enabled() default "true";

    @AttributeDefinition(
            description = "Import URL, such as http://host:8428/api/v1/import; empty: samples are only stored",
            required = false)
    String url() default "";

    @AttributeDefinition(description = "Time from one upload to the next")
    String upload_interval() default "30s";

    @AttributeDefinition(description = "How long a request may take, answer included")
    String timeout() default "30s";

    @AttributeDefinition(description = "Samples that one query for fresh samples reads at most")
    String batch_size() default "2500";

    @AttributeDefinition(
            description =
                    "Lines in one request at most; a line is one series. A link that does not carry so many gets fewer")
    String chunk_size() default "100";

    @AttributeDefinition(description = "Samples in one line at most")
    String line_values() default "100";

    @AttributeDefinition(
            description = "How long the server keeps what it has acknowledged in memory only;"
                    + " 0s: nothing is sent again when it was restarted")
    String settle_time() default "30s";

    @AttributeDefinition(
            description = "Size per second that the backlog may use of the network, such as 50KiB; empty: no limit",
            required = false)
    String backlog_bandwidth() default "";

    @AttributeDefinition(
            description = "File with the bearer token, which not every user may read; read at every request",
            required = false)
    String token_file() default "";

    @AttributeDefinition(
            description = "Certificates (PEM) of the authorities to trust; empty: those of the Java installation",
            required = false)
    String ca_file() default "";

    @AttributeDefinition(description = "Certificate (PEM) that this device shows to the server", required = false)
    String client_cert_file() default "";

    @AttributeDefinition(
            description = "Private key (PEM) of that certificate, not encrypted; not every user may read it",
            required = false)
    String client_key_file() default "";

    @AttributeDefinition(
            description = "HTTP proxy to go through, such as http://user:password@proxy:3128; empty or direct: none",
            type = AttributeType.PASSWORD,
            required = false)
    String proxy() default "";

    @AttributeDefinition(
            description = "Headers of every request, as name=value,name=value",
            type = AttributeType.PASSWORD,
            required = false)
    String headers() default "";

    @AttributeDefinition(
            description =
                    "known: a success counts only from a peer that is known to be the server, by a verified certificate,"
                            + " VictoriaMetrics' header X-Server-Hostname or its metrics page; any: from any peer")
    String peer() default "known";

    @AttributeDefinition(description = "true: an empty 200 from a known peer is a success too")
    String accept_empty_200() default "false";

    @AttributeDefinition(description = "false: one attempt per upload interval")
    String retry_enabled() default "true";

    @AttributeDefinition(description = "Attempts per upload interval, the first included")
    String retry_max_attempts() default "3";

    @AttributeDefinition(description = "Wait after the first failed attempt")
    String retry_initial_backoff() default "5s";

    @AttributeDefinition(description = "The longest wait between two attempts")
    String retry_max_backoff() default "60s";

    @AttributeDefinition(description = "Each wait is so many times the one before")
    String retry_backoff_multiplier() default "3";

    @AttributeDefinition(description = "Each wait is longer or shorter by up to this many percent")
    String retry_jitter_percent() default "20";
}
