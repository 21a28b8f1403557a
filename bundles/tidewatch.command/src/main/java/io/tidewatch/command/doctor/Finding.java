package io.tidewatch.command.doctor;

import io.tidewatch.command.console.Terminal;

/**
 * Something that the doctor has to say.
 *
 * @param level how bad it is
 * @param subject what was examined, in a word
 * @param message what was found
 * @param advice what to do, in a line; empty if nothing is to do
 */
record Finding(Level level, String subject, String message, String advice) {
    /** How bad. */
    enum Level {
        /** As it should be. */
        OK("ok", Terminal.Colour.GREEN),
        /** Could not be examined, or may be intended. */
        NOTE("note", Terminal.Colour.YELLOW),
        /** A problem. */
        FAIL("FAIL", Terminal.Colour.RED);

        private final String label;
        private final Terminal.Colour colour;

        Level(String label, Terminal.Colour colour) {
            this.label = label;
            this.colour = colour;
        }

        String label() {
            return label;
        }

        Terminal.Colour colour() {
            return colour;
        }
    }
}
