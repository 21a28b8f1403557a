package io.tidewatch.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * Lets time pass on a fixture machine: the cores of its {@code /proc/stat} go on counting, as a rate without progress is
 * no rate. The contents are made beforehand, so that a step allocates nothing that a benchmark would count; after the
 * last one the counters start again, which a collector takes for a restart of the machine.
 */
final class RunningClock implements AutoCloseable {
    private static final int STEPS = 256;
    private static final Pattern CORE = Pattern.compile("cpu\\d* .*");
    private static final Pattern NUMBER = Pattern.compile("(?<= )\\d+");

    private final FileChannel channel;
    private final ByteBuffer[] contents = new ByteBuffer[STEPS];
    private int step;

    RunningClock(Path stat) throws IOException {
        String text = Files.readString(stat);
        for (int i = 0; i < STEPS; i++) {
            byte[] bytes = later(text, 100L * (i + 1)).getBytes(StandardCharsets.US_ASCII);
            contents[i] = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
        channel = FileChannel.open(stat, StandardOpenOption.WRITE);
    }

    /** All cores have worked a little. */
    void step() throws IOException {
        ByteBuffer content = contents[step++ % STEPS].rewind();
        channel.truncate(content.limit());
        channel.write(content, 0);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String later(String text, long ticks) {
        return CORE.matcher(text).replaceAll(line -> NUMBER.matcher(line.group())
                .replaceAll(number -> Long.toString(Long.parseLong(number.group()) + ticks)));
    }
}
