package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What health says besides of configuration and files: what is not in force degrades it, a risk is only named. */
final class HealthRemarks {
    private HealthRemarks() {}

    /**
     * Adds them.
     *
     * @param health of the deliveries
     * @param rejected values of the configuration that are not in force
     * @param client knows of the files
     */
    static Health on(Health health, List<InvalidSettingException> rejected, ImportClient client) {
        Map<String, Object> details = new LinkedHashMap<>(health.details());
        List<String> warnings = client.secretWarnings();
        if (!warnings.isEmpty()) {
            details.put("warning", String.join("; ", warnings));
        }
        String tlsProblem = client.tlsProblem();
        Stream<String> files =
                Stream.ofNullable(tlsProblem).map(problem -> problem + "; the certificates before stay in force");
        String problems = Stream.concat(rejected.stream().map(InvalidSettingException::getMessage), files)
                .collect(Collectors.joining("; "));
        return problems.isEmpty()
                ? new Health(health.status(), health.message(), details)
                : new Health(
                        Status.DEGRADED,
                        "mend " + Uploader.PID + ".cfg: " + problems + "; " + health.message(),
                        details);
    }
}
