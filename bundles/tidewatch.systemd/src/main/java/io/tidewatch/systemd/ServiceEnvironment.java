package io.tidewatch.systemd;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param socket where systemd listens
 * @param watchdog how long it waits for a sign of life; null: it does not
 */
record ServiceEnvironment(NotifySocket socket, @Nullable Duration watchdog) {
    private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";

    static boolean isService(Map<String, String> environment) {
        return !environment.getOrDefault(NOTIFY_SOCKET, "").isBlank();
    }

    /**
     * Reads sd_notify(3) and sd_watchdog_enabled(3).
     *
     * @param pid of the process: a watchdog for another one is none of ours
     * @throws IllegalArgumentException if it makes no sense; the message names the variable
     */
    static ServiceEnvironment read(Map<String, String> environment, long pid) {
        NotifySocket socket = new NotifySocket(environment.getOrDefault(NOTIFY_SOCKET, ""));
        String wanted = environment.getOrDefault("WATCHDOG_PID", "");
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean ours = !micros.isBlank() && (wanted.isBlank() || wanted.equals(Long.toString(pid)));
        return new ServiceEnvironment(socket, ours ? micros(micros) : null);
    }

    private static Duration micros(String text) {
        try {
            long micros = Long.parseLong(text);
            if (micros > 0) {
                return Duration.ofNanos(Math.multiplyExact(micros, 1000L));
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // Falls through to the one message.
        }
        throw new IllegalArgumentException(
                "WATCHDOG_USEC is '" + text + "'; accepted: a positive whole number of microseconds");
    }
}
