package io.tidewatch.itest.rivals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The raw figures of one run, as they are kept in JSON. Times are in seconds, memory in kB of 1,024 bytes.
 *
 * @param taken when the run began, UTC
 * @param interval time between two samples of a series
 * @param busyShare of each live window, which part of the machine's processors was busy, with everything that ran
 */
record RivalsResult(String taken, int interval, Machine machine, List<Double> busyShare, List<Contender> contenders) {

    /** What they ran on. */
    record Machine(String processor, int cores, long memoryMb, String kernel, String system, String java) {}

    /**
     * One of those that were compared.
     *
     * @param programs which and of which version
     * @param seriesBySource how many series the server had of each of its sources
     * @param installedKb what it takes on the disk, by part
     * @param peakKb the most that was ever resident until the end of the run
     */
    record Contender(
            String name,
            List<String> programs,
            SortedMap<String, Integer> seriesBySource,
            Map<String, Long> installedKb,
            List<Start> starts,
            List<Window> windows,
            Outage outage,
            long peakKb) {

        int series() {
            return seriesBySource.values().stream().mapToInt(Integer::intValue).sum();
        }

        Spread overWindows(ToDoubleFunction<Window> value) {
            return Spread.of(windows.stream().map(value::applyAsDouble).toList());
        }

        Spread overStarts(ToDoubleFunction<Start> value) {
            return Spread.of(starts.stream().map(value::applyAsDouble).toList());
        }
    }

    /** From the start of the processes until the server had a sample. */
    record Start(double seconds, double cpuSeconds) {}

    /**
     * A part of the live time.
     *
     * @param samples that have come to the server
     * @param wireBytes that went over the link, both ways
     * @param ages of the newest sample at the server, whenever it was asked
     */
    record Window(
            double seconds,
            long residentKb,
            long proportionalKb,
            long anonymousKb,
            int threads,
            double cpuSeconds,
            long wakeups,
            long samples,
            long wireBytes,
            long writtenBytes,
            List<Double> ages) {}

    /**
     * What an unreachable server did.
     *
     * @param seconds how long it was so
     * @param loss what never came
     * @param freshAfter from its end until a sample from after it was at the server; {@code null}: never
     * @param completeAfter from its end until the last of what came late; {@code null}: nothing did
     * @param samples that have come from its end until then, late and live
     * @param wireBytes that went over the link meanwhile
     * @param writtenBytes to disk, from its beginning until nothing more came late
     * @param delivered samples that have come in the same time
     */
    record Outage(
            double seconds,
            Loss loss,
            @Nullable Double freshAfter,
            @Nullable Double completeAfter,
            long samples,
            long wireBytes,
            long writtenBytes,
            long delivered) {

        /** Whether enough has come late to say what that cost. */
        boolean deliveredLate() {
            return completeAfter != null && loss.lost() * 10 < loss.expected() * 9;
        }
    }

    /** @throws IOException if the file cannot be read, or is no such result */
    static RivalsResult read(Path file) throws IOException {
        return new ObjectMapper().readValue(Files.readString(file), RivalsResult.class);
    }

    void write(Path file) throws IOException {
        Files.writeString(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this) + "\n");
    }
}
