package io.tidewatch.benchmarks;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * Lets time pass in a {@code /proc/stat} of a fixture, where else nothing would ever change: each {@link #tick()} adds one
 * to the idle ticks of every core and of all. It writes single bytes into the mapped file, so it allocates nothing, makes
 * no system call and hardly shows beside a pass.
 *
 * <p>Source of the format: proc_stat(5).
 */
final class IdleTime {
    /** After the name follow user, nice, system and idle. */
    private static final Pattern CPU_LINE = Pattern.compile("^cpu\\d* +\\d+ \\d+ \\d+ (\\d+)", Pattern.MULTILINE);

    private static final int IDLE = 1;

    private final MappedByteBuffer stat;
    private final int[] lastDigits;

    private IdleTime(MappedByteBuffer stat, int[] lastDigits) {
        this.stat = stat;
        this.lastDigits = lastDigits;
    }

    /**
     * Maps the file.
     *
     * @throws IOException if there is no such file, or it is not writable
     */
    static IdleTime of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer stat = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            // One character for each byte, so that places in the text are places in the file.
            return new IdleTime(
                    stat,
                    lastDigits(
                            StandardCharsets.ISO_8859_1.decode(stat.duplicate()).toString()));
        }
    }

    /** A tick in which no core had anything to do. */
    void tick() {
        for (int position : lastDigits) {
            increment(position);
        }
    }

    private void increment(int lastDigit) {
        int position = lastDigit;
        while (stat.get(position) == '9') {
            stat.put(position, (byte) '0');
            position--;
        }
        if (stat.get(position) < '0') {
            throw new IllegalStateException("Idle ticks need one more digit than the fixture has");
        }
        stat.put(position, (byte) (stat.get(position) + 1));
    }

    private static int[] lastDigits(String stat) {
        return CPU_LINE.matcher(stat)
                .results()
                .mapToInt(line -> line.end(IDLE) - 1)
                .toArray();
    }
}
