package io.tidewatch.api.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfiguredCollectorTest {
    private static final class Example extends ConfiguredCollector<Boolean> {
        Example(String value) {
            super(reading(value));
        }

        void modified(String value) {
            configure(reading(value));
        }

        static Function<SettingReader, Boolean> reading(String value) {
            return reader -> reader.read("all", value, Setting::bool, false);
        }

        @Override
        public List<Metric> metrics() {
            return List.of();
        }

        @Override
        public List<Sample> collect() {
            diagnostics.clear();
            diagnostics.note("all", "all is " + settings());
            return List.of();
        }
    }

    @Test
    void aMistakeIsReportedAndLeavesTheLastGoodInForce() {
        Example collector = new Example("true");
        collector.modified("maybe");
        collector.collect();

        assertThat(collector.diagnostics())
                .singleElement()
                .extracting(Diagnostic::message)
                .isEqualTo("all is true");
        assertThat(collector.rejectedSettings())
                .singleElement()
                .extracting(InvalidSettingException::value)
                .isEqualTo("maybe");

        collector.modified("false");
        collector.collect();
        assertThat(collector.diagnostics())
                .singleElement()
                .extracting(Diagnostic::message)
                .isEqualTo("all is false");
        assertThat(collector.rejectedSettings()).isEmpty();
    }
}
