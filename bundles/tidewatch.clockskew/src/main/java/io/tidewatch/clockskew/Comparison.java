package io.tidewatch.clockskew;

import io.tidewatch.api.delivery.DeliveryTarget;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares the clock with the server's that the settings or the uploads name. For one thread. */
final class Comparison {
    private final DeviceClock clock;
    private final ServerDate serverDate;
    private final SkewReport report;
    private final FirstComparison first;

    Comparison(DeviceClock clock, ServerDate serverDate, SkewReport report, FirstComparison first) {
        this.clock = clock;
        this.serverDate = serverDate;
        this.report = report;
        this.first = first;
    }

    /**
     * Compares and reports.
     *
     * @param server the server of the uploads, or null
     */
    void run(SkewSettings settings, @Nullable DeliveryTarget server) {
        URI url = settings.enabled() ? url(settings, server) : null;
        report.ask(url);
        if (url == null) {
            first.cancel();
            return;
        }
        long steps = clock.steps();
        boolean answered = false;
        try {
            Duration skew = serverDate.compare(url, token(url, server));
            answered = true;
            // A clock that was set meanwhile is compared once more anyway.
            if (clock.steps() == steps) {
                report.measured(skew, clock.look(), settings);
            }
        } catch (NoDateException e) {
            answered = true;
            report.failed(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            report.failed(described(e));
        } finally {
            if (clock.steps() == steps) {
                first.ended(answered);
            }
        }
    }

    /** Whether there is a server to compare with. */
    static boolean isPossible(SkewSettings settings, @Nullable DeliveryTarget server) {
        return settings.enabled() && url(settings, server) != null;
    }

    /** The JDK's exceptions often tell their point by their class: the message of an unknown host is its name. */
    private static String described(Exception e) {
        return e.getClass() == IOException.class && e.getMessage() != null
                ? e.getMessage()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static @Nullable URI url(SkewSettings settings, @Nullable DeliveryTarget server) {
        if (settings.url().isPresent()) {
            return settings.url().get();
        }
        try {
            return server == null ? null : Origin.healthPage(server.url());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** The token of the delivery, for the same server and nobody else. */
    private static Optional<String> token(URI url, @Nullable DeliveryTarget server) {
        return server != null && Origin.of(url).equals(Origin.of(server.url()))
                ? server.bearerToken()
                : Optional.empty();
    }
}
