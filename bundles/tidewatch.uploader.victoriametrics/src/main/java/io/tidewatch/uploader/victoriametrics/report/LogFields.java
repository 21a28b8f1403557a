package io.tidewatch.uploader.victoriametrics.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/** Fields of a log entry for machines. */
public final class LogFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    public LogFields with(String key, Object value) {
        fields.put(key, String.valueOf(value));
        return this;
    }

    /** Runs what logs, with the fields in its entries. */
    public void during(Runnable logging) {
        fields.forEach(MDC::put);
        try {
            logging.run();
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
