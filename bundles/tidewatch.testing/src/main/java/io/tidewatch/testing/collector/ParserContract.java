package io.tidewatch.testing.collector;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What every parser of a kernel file keeps: whatever the bytes, it takes them or throws {@link ProcFormatException}. A
 * jqwik test of a parser implements this and adds that it reads back what a generator wrote.
 */
public interface ParserContract {
    /** A text as the kernel writes it, which the parser takes. */
    String validText();

    /** @param fields a cursor before the first line */
    void parse(Fields fields) throws ProcFormatException;

    @Property(tries = 1)
    default void takesTheValidText() throws ProcFormatException {
        parse(text(validText()));
    }

    @Property(tries = 500)
    default void takesArbitraryBytesOrSaysWhatIsWrong(@ForAll byte[] bytes) {
        parseWhatever(bytes);
    }

    @Property(tries = 1000)
    default void takesADamagedTextOrSaysWhatIsWrong(@ForAll long seed) {
        parseWhatever(damaged(validText().getBytes(StandardCharsets.UTF_8), new Random(seed)));
    }

    static Fields text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Fields(Path.of("/proc/test"), bytes, bytes.length);
    }

    private void parseWhatever(byte[] bytes) {
        try {
            parse(new Fields(Path.of("/proc/test"), bytes, bytes.length));
        } catch (ProcFormatException e) {
            // Declared.
            return;
        }
    }

    /** Some bytes changed, as many as half of a short text, and sometimes the end cut off. */
    private static byte[] damaged(byte[] valid, Random random) {
        byte[] bytes = Arrays.copyOf(valid, random.nextBoolean() ? valid.length : random.nextInt(valid.length + 1));
        byte[] likely = "0123456789 \t\n:/.-=\\x\0\u00ff".getBytes(StandardCharsets.UTF_8);
        for (int edits = random.nextInt(8); edits > 0 && bytes.length > 0; edits--) {
            bytes[random.nextInt(bytes.length)] = likely[random.nextInt(likely.length)];
        }
        return bytes;
    }
}
