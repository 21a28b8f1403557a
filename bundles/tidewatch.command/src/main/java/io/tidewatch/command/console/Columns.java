package io.tidewatch.command.console;

import io.tidewatch.command.console.Terminal.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of cells in columns as wide as they need be. The last column is wrapped to the width of the terminal; columns
 * before it that would leave no room for it are cut.
 */
public final class Columns {
    private static final String GAP = "  ";

    /** What is left to the last column at least. */
    private static final int LAST_AT_LEAST = 16;

    private record Row(List<String> cells, int painted, @Nullable Colour colour) {}

    private final List<Row> rows = new ArrayList<>();

    /** Adds a row; a line without cells but the last begins a new line of the last column. */
    public void add(List<String> cells) {
        rows.add(new Row(plain(cells), -1, null));
    }

    /** Adds a row with one cell in a colour. */
    public void add(List<String> cells, int painted, Colour colour) {
        rows.add(new Row(plain(cells), painted, colour));
    }

    public List<String> lines(Terminal terminal) {
        int[] widths = widths(terminal);
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            StringBuilder start = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = DisplayText.padded(DisplayText.cut(row.cells().get(i), widths[i]), widths[i]);
                Colour colour = row.colour();
                start.append(i == row.painted() && colour != null ? terminal.paint(cell, colour) : cell)
                        .append(GAP);
            }
            int indent = indent(widths);
            String last = row.cells().get(widths.length);
            for (String part : DisplayText.wrapped(last, Math.max(1, terminal.columns() - indent))) {
                lines.add((start + part).stripTrailing());
                start = new StringBuilder(" ".repeat(indent));
            }
        }
        return lines;
    }

    /** Of all columns but the last. */
    private int[] widths(Terminal terminal) {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.get(0).cells().size() - 1];
        for (Row row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayText.width(row.cells().get(i)));
            }
        }
        for (int excess = indent(widths) + LAST_AT_LEAST - terminal.columns(); excess > 0; excess--) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            widths[widest]--;
        }
        return widths;
    }

    private static int indent(int[] widths) {
        return IntStream.of(widths).sum() + widths.length * GAP.length();
    }

    private static List<String> plain(List<String> cells) {
        return cells.stream().map(DisplayText::plain).toList();
    }
}
