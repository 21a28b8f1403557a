package io.tidewatch.clockskew;

import io.tidewatch.api.clock.Skew;
import io.tidewatch.api.delivery.DeliveryTarget;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Compares the clock with the server's that the settings or the uploads name. For one thread. */
record Comparison(DeviceClock clock, ServerDate serverDate, SkewReport report, FirstComparison first) {
    void run(SkewSettings settings, @Nullable DeliveryTarget server) {
        URI url = settings.enabled() ? url(settings, server) : null;
        report.ask(url);
        if (!settings.enabled()) {
            clock.notCompared();
        }
        if (url == null) {
            first.cancel();
            return;
        }
        long steps = clock.steps();
        boolean answered = false;
        try {
            Skew skew = serverDate.compare(url, server);
            answered = true;
            // A clock that stepped meanwhile is compared once more anyway.
            if (clock.compared(skew, steps)) {
                report.measured(skew.value(), clock.look(), settings);
            }
        } catch (ServerDate.NoDateException e) {
            answered = true;
            report.failed(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException | Error e) {
            // A bundle that is taken away in the middle may miss classes of its own; the heap may be used up.
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

    private static String described(Throwable e) {
        if (e instanceof UnknownHostException) {
            return "no address is found for " + e.getMessage();
        }
        return e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    private static @Nullable URI url(SkewSettings settings, @Nullable DeliveryTarget server) {
        if (settings.url().isPresent()) {
            return settings.url().get();
        }
        return server == null
                ? null
                : URI.create(server.url().getScheme() + "://" + server.url().getRawAuthority() + "/health");
    }
}
