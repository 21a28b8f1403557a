package io.tidewatch.scheduler;

/** Keeps what foreign code throws from doing harm, even while it is being described. */
final class Containment {
    private static final int LONGEST_TEXT = 300;

    private Containment() {}

    /** Runs an action whose failure changes nothing: a log line, the release of a service that is going anyway. */
    static void quietly(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            // Logging failed as well.
            return;
        }
    }

    /** What it says of itself in one line of readable length; its own methods may throw. */
    static String messageOf(Throwable t) {
        String message;
        try {
            message = t.getMessage();
        } catch (Throwable again) {
            message = null;
        }
        return message == null || message.isBlank() ? t.getClass().getName() : oneLine(message);
    }

    /** Foreign text without control characters, cut to a readable length. */
    static String oneLine(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
