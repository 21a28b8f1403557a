package io.tidewatch.command.console;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the output goes to.
 *
 * @param columns its width; {@link Integer#MAX_VALUE} for what is no terminal, where nothing is cut or wrapped
 */
public record Terminal(int columns, boolean colours) {
    /** A file or a pipe. */
    public static final Terminal NONE = new Terminal(Integer.MAX_VALUE, false);

    private static final int NARROWEST = 40;
    private static final int USUAL = 80;

    /** SGR codes of ECMA-48. */
    public enum Colour {
        GREEN("32"),
        YELLOW("33"),
        RED("31");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /**
     * Reads what the start script has found out.
     *
     * @param columns width of the terminal that the output goes to, 0 or no number if it is not known; null or blank:
     *     the output goes to none
     * @param environment of the process. {@code NO_COLOR} with any value turns colours off (https://no-color.org), and so
     *     does {@code TERM=dumb}
     */
    public static Terminal of(@Nullable String columns, Map<String, String> environment) {
        if (columns == null || columns.isBlank()) {
            return NONE;
        }
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(width(columns.strip()), colours);
    }

    public String paint(String text, Colour colour) {
        return colours ? "\033[" + colour.code + "m" + text + "\033[0m" : text;
    }

    private static int width(String columns) {
        try {
            int width = Integer.parseInt(columns);
            return width <= 0 ? USUAL : Math.max(width, NARROWEST);
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }
}
