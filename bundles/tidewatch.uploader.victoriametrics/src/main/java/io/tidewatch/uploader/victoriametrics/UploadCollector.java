package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What the uploader has delivered, and what went wrong, since it was started. A reason that has not occurred yet has no
 * series.
 */
@Component(configurationPid = "tidewatch.collector.uploader")
@CollectorProperties(name = "uploader", interval = "60s")
@Designate(ocd = UploadCollector.Config.class)
public final class UploadCollector implements Collector {
    /** Configuration, PID {@code tidewatch.collector.uploader}: only what every collector has. */
    @ObjectClassDefinition(id = "tidewatch.collector.uploader", name = "Uploader collector")
    @interface Config {}

    private static final String REASON = "reason";
    private static final Metric UPLOADED =
            Metric.counter("uploader.metrics_uploaded_total", Unit.NONE, "Samples that the server acknowledged");
    private static final Metric FAILURES =
            Metric.counter("uploader.upload_failures_total", Unit.NONE, "Attempts that failed", REASON);
    private static final Metric PARTIAL = Metric.counter(
            "uploader.partial_success_total", Unit.NONE, "Requests of which the server took only a part");
    private static final Metric REJECTED = Metric.counter(
            "uploader.metrics_rejected_total",
            Unit.NONE,
            "Samples quarantined: the server refuses them for good",
            REASON);
    private static final Metric RESENT = Metric.counter(
            "uploader.metrics_resent_total",
            Unit.NONE,
            "Acknowledged samples sent again, since the server was restarted and may have lost them");
    private static final Metric SENT =
            Metric.counter("uploader.sent_bytes_total", Unit.BYTES, "Bytes of all import requests, heads included");
    private static final Metric STATE = Metric.gauge(
            "uploader.state",
            Unit.NONE,
            "1 for the present state: ok, holding, disabled, or the reason of the failure; 0 for earlier ones",
            REASON);
    private static final RecentDurations.Metrics TOOK = RecentDurations.metrics(
            "uploader.upload_duration_seconds", "From the start of a request to the end of its answer");

    private final UploaderSelf uploader;

    @Activate
    public UploadCollector(@Reference UploaderSelf uploader) {
        this.uploader = uploader;
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>(List.of(UPLOADED, FAILURES, PARTIAL, REJECTED, RESENT, SENT, STATE));
        metrics.addAll(TOOK.all());
        return metrics;
    }

    @Override
    public List<Sample> collect() {
        UploaderSelf.Figures figures = uploader.figures();
        List<Sample> samples = new ArrayList<>();
        samples.add(UPLOADED.sample((double) figures.uploaded()));
        figures.failures().forEach((reason, count) -> samples.add(FAILURES.sample((double) count, reason)));
        samples.add(PARTIAL.sample((double) figures.partial()));
        figures.rejected().forEach((reason, count) -> samples.add(REJECTED.sample((double) count, reason)));
        samples.add(RESENT.sample((double) figures.resent()));
        samples.add(SENT.sample((double) figures.sentBytes()));
        figures.states().forEach((state, value) -> samples.add(STATE.sample((double) value, state)));
        samples.addAll(TOOK.samples(figures.durations()));
        return samples;
    }
}
