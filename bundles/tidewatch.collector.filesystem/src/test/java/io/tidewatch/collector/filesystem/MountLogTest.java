package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class MountLogTest {
    private final List<String> lines = new ArrayList<>();
    private final MountLog log = new MountLog((Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, args) -> {
                lines.add(method.getName() + Arrays.toString(args));
                return null;
            }));

    @Test
    void saysATroubleOnceAndItsEndOnce() {
        log.answered("sda");
        assertThat(lines).isEmpty();
        log.trouble("sda", "hangs");
        log.trouble("sda", "hangs");
        assertThat(lines).containsExactly("warn[The file system '{}' {}, sda, hangs]");
        log.trouble("sda", "is broken");
        assertThat(lines).hasSize(2);
        log.answered("sda");
        log.answered("sda");
        assertThat(lines).hasSize(3).last().isEqualTo("info[The file system '{}' answers again, sda]");
    }

    @Test
    void forgetsWhatIsNotMountedAnyMore() {
        Mount sda = new Mount("/a", "sda", "ext4", false);
        Mount sdb = new Mount("/b", "sdb", "ext4", false);
        log.trouble(sda.name(), "hangs");
        log.trouble(sdb.name(), "hangs");
        log.retain(List.of(sdb));
        log.answered(sda.name());
        assertThat(lines).hasSize(2);
        log.answered(sdb.name());
        assertThat(lines).hasSize(3);
    }

    @Test
    void saysOnceThatNobodyCountsInodes() {
        log.inodesMissing(false);
        log.inodesMissing(true);
        log.inodesMissing(true);
        assertThat(lines).hasSize(1);
        log.inodesMissing(false);
        log.inodesMissing(true);
        assertThat(lines).hasSize(2);
    }
}
