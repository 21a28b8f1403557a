package io.tidewatch.scheduler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * What the process of the agent uses, by {@code /proc/self}: always that of the running kernel, whatever root other
 * collectors read.
 *
 * <p>Source: proc(5), {@code /proc/pid/stat} and {@code /proc/pid/status}.
 */
record OwnProcess(Path process) {
    /** Of user space, on every architecture that Linux and Java 17 share, whatever the kernel's own tick is. */
    private static final double TICKS_PER_SECOND = 100;

    /** Numbered from 1, of which the first is before the name and the second is the name. */
    private static final int USER_TIME = 14;

    OwnProcess() {
        this(Path.of("/proc/self"));
    }

    /** Memory that the process occupies in RAM, in bytes; empty where there is no such file. */
    OptionalDouble residentBytes() throws IOException {
        Path status = process.resolve("status");
        if (!Files.exists(status)) {
            return OptionalDouble.empty();
        }
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmRSS:")) {
                return OptionalDouble.of(
                        1024.0 * number(status, line.replace("VmRSS:", "").replace("kB", "")));
            }
        }
        throw new IOException(status + " has no line VmRSS");
    }

    /** Processor time of all threads since the process began, in seconds; empty where there is no such file. */
    OptionalDouble cpuSeconds() throws IOException {
        Path stat = process.resolve("stat");
        if (!Files.exists(stat)) {
            return OptionalDouble.empty();
        }
        String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
        // The name is in parentheses, and may hold blanks and parentheses itself.
        String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
        int user = USER_TIME - 3;
        if (fields.length <= user + 1) {
            throw new IOException(stat + " has too few fields: " + text.strip());
        }
        return OptionalDouble.of((number(stat, fields[user]) + number(stat, fields[user + 1])) / TICKS_PER_SECOND);
    }

    private static long number(Path file, String text) throws IOException {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IOException(file + ": '" + text.strip() + "' is not a number", e);
        }
    }
}
