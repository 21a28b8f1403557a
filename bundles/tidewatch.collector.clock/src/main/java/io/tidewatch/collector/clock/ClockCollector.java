package io.tidewatch.collector.clock;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Whether a time daemon keeps the clock right, and within which bound, as it set them in the kernel: chronyd, ntpd,
 * systemd-timesyncd and ptp4l's phc2sys all do.
 *
 * <p>The rule is that of {@code timedatectl}: the clock is synchronized while the bound is below its highest value. The
 * flag STA_UNSYNC is not used, since daemons also set it to keep the kernel from writing the hardware clock (chronyd
 * without {@code rtcsync}, systemd-timesyncd with a hardware clock in local time).
 *
 * <p>Source: adjtimex(2), see {@link AdjTimex}; Linux, kernel/time/ntp.c, NTP_PHASE_LIMIT.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.clock", configurationPolicy = REQUIRE)
@CollectorProperties(name = "clock", interval = "60s")
@Designate(ocd = ClockCollector.Config.class)
public final class ClockCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.clock", name = "Clock collector")
    @interface Config {}

    private static final Metric SYNCHRONIZED =
            Metric.gauge("clock.synchronized", Unit.NONE, "1 while a time daemon keeps the clock synchronized, else 0");
    private static final Metric ERROR_BOUND = Metric.gauge(
            "clock.error_bound_seconds",
            Unit.SECONDS,
            "Error that the clock has at most, as the time daemon set it in the kernel; only while it is synchronized");

    /** The kernel does not count further, and begins there. */
    private static final long HIGHEST_MICROS = 16_000_000;

    private final KernelClock clock;

    @Activate
    public ClockCollector() {
        this(new AdjTimex());
    }

    ClockCollector(KernelClock clock) {
        this.clock = clock;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SYNCHRONIZED, ERROR_BOUND);
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        long micros;
        try {
            micros = clock.errorBoundMicros();
        } catch (KernelClock.NotReadableException e) {
            diagnostics.note("adjtimex", String.valueOf(e.getMessage()));
            return List.of();
        }
        if (micros < 0) {
            throw new IOException("adjtimex: the error of the clock is at most " + micros + " µs, expected 0 or more");
        }
        return micros < HIGHEST_MICROS
                ? List.of(SYNCHRONIZED.sample(1), ERROR_BOUND.sample(micros / 1e6))
                : List.of(SYNCHRONIZED.sample(0));
    }

    /** Reads the kernel's bound of the clock's error. */
    @FunctionalInterface
    interface KernelClock {
        /**
         * The bound, which a time daemon sets and the kernel raises by 500 µs a second since then, up to 16 s.
         *
         * @return microseconds
         * @throws NotReadableException if this process may not read it, or cannot
         * @throws IOException if the call fails otherwise
         */
        long errorBoundMicros() throws IOException;

        /** The bound exists, and this process does not get it. */
        final class NotReadableException extends IOException {
            private static final long serialVersionUID = 1L;

            NotReadableException(String message, Throwable cause) {
                super(message, cause);
            }
        }
    }
}
