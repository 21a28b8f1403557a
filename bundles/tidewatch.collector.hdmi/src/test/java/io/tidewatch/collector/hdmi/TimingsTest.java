package io.tidewatch.collector.hdmi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class TimingsTest {
    @Property
    void anyTextIsRead(@ForAll String text) {
        List<String> damaged = new ArrayList<>();
        Timings timings = Timings.parse(text, (part, problem) -> damaged.add(part));
        assertThat(timings.mode().isEmpty()).isEqualTo(!damaged.isEmpty());
    }

    @Property
    void whatIsPrintedIsReadBack(
            @ForAll @IntRange(min = 1, max = 16_384) int width,
            @ForAll @IntRange(min = 1, max = 16_384) int height,
            @ForAll boolean interlaced,
            @ForAll @DoubleRange(min = 0.01, max = 1_000) double rate) {
        String shown = String.format(Locale.ROOT, "%.2f", rate);
        Timings timings = Timings.parse(
                "\tActive width: " + width + "\n\tActive height: " + height + "\n\tFrame format: "
                        + (interlaced ? "interlaced" : "progressive") + "\n\tPixelclock: 1 Hz (" + shown + " "
                        + (interlaced ? "fields" : "frames") + " per second)\n",
                (part, problem) -> {
                    throw new AssertionError(problem);
                });
        assertThat(timings.width()).hasValue(width);
        assertThat(timings.height()).hasValue(height);
        assertThat(timings.framesPerSecond())
                .hasValue(interlaced ? Double.parseDouble(shown) / 2 : Double.parseDouble(shown));
        assertThat(timings.mode()).startsWith(width + "x" + height + (interlaced ? "i" : "p"));
    }
}
