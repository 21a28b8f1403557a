package io.tidewatch.itest.rivals;

import io.tidewatch.testing.server.ThrottledLink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of those that are compared, ours or another: its processes, and its way to the server. Used by one thread. */
interface Rival extends AutoCloseable {

    /** What it is called in the table. */
    String name();

    /** The programs that it consists of, with their versions. */
    List<String> programs() throws IOException;

    /** Kilobytes that it takes on the disk, by part; what it was measured with, and what else it needs to run. */
    Map<String, Long> installedKb() throws IOException;

    /** Names its series at the server. */
    String selector();

    /** Finds in the name of a series what it tells of, as its first group that matches. */
    Pattern source();

    /** The way to the server, which nobody else uses. */
    ThrottledLink link();

    /** Starts its processes; they are running, but may not be ready. */
    void start() throws IOException;

    /** Ends them in their orderly way. */
    void stop() throws InterruptedException;

    /** The processes since the newest start. */
    List<Process> processes();

    /** What a series tells of, such as {@code cpu}; its name if that is not known. */
    default String sourceOf(String series) {
        Matcher name = source().matcher(series);
        if (name.find()) {
            for (int group = 1; group <= name.groupCount(); group++) {
                if (name.group(group) != null) {
                    return name.group(group);
                }
            }
        }
        return series;
    }

    /** What its processes have cost since their start. */
    default ProcessReading read() throws IOException {
        for (Process process : processes()) {
            if (!process.isAlive()) {
                throw new IOException("A process of " + name() + " has ended with exit code " + process.exitValue()
                        + ". Its output is below the folder work of the run.");
            }
        }
        return ProcessReading.of(processes().stream().map(Process::pid).toList());
    }

    @Override
    void close() throws IOException;
}
