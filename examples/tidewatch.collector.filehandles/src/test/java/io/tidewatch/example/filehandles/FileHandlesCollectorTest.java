package io.tidewatch.example.filehandles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.SourceContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHandlesCollectorTest implements SourceContract {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws IOException {
        return new FileHandlesCollector(FixtureTree.copy("typical", folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new FileHandlesCollector(FixtureTree.empty(folder).procFs());
    }

    @Test
    void readsAllocatedAndMaximum() throws Exception {
        assertThat(typicalCollector().collect()).extracting(Sample::value).containsExactly(1216.0, (double)
                Long.MAX_VALUE);
    }

    @Test
    void aTruncatedFileIsAnError() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/sys/fs/file-nr", "1216\t0");

        assertThatThrownBy(() -> new FileHandlesCollector(tree.procFs()).collect())
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("file-nr:1: expected a number");
    }
}
