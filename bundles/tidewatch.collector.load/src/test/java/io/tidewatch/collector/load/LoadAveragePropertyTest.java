package io.tidewatch.collector.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.ParserContract;
import java.nio.file.Path;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class LoadAveragePropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "0.52 1.58 12.59 2/345 6789\n";
    }

    @Override
    public void parse(Fields fields) {
        new LoadCollector(new ProcFs(Path.of("none"), Path.of("none"), Path.of("none"))).read(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(
            @ForAll @LongRange(max = 10_000_000) long one,
            @ForAll @LongRange(max = 10_000_000) long five,
            @ForAll @LongRange(max = 10_000_000) long fifteen,
            @ForAll @LongRange(max = 2_000_000) long runnable,
            @ForAll @LongRange(max = 2_000_000) long others) {
        // As fs/proc/loadavg.c: whole part and two decimals.
        String text = String.format(
                Locale.ROOT,
                "%d.%02d %d.%02d %d.%02d %d/%d 6789\n",
                one / 100,
                one % 100,
                five / 100,
                five % 100,
                fifteen / 100,
                fifteen % 100,
                runnable,
                runnable + others);
        LoadCollector collector = new LoadCollector(new ProcFs(Path.of("none"), Path.of("none"), Path.of("none")));

        assertThat(collector.read(ParserContract.text(text)).stream().map(Sample::value))
                .containsExactly(
                        one / 100.0, five / 100.0, fifteen / 100.0, (double) runnable, (double) runnable + others);
    }
}
