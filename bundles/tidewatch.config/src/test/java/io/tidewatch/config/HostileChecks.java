package io.tidewatch.config;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Checks of other people's bundles. */
final class HostileChecks {
    private HostileChecks() {}

    /** Throws whatever it is asked. */
    public static final class Throwing implements ConfigurationCheck {
        public Throwing() {}

        @Override
        public boolean concerns(String pid) {
            throw new IllegalStateException("not today\nnor tomorrow");
        }

        @Override
        public void check(WrittenSettings written, List<InvalidSettingException> problems) {
            throw new AssertionError();
        }
    }

    /** Runs out of stack. */
    public static final class Overflowing implements ConfigurationCheck {
        public Overflowing() {}

        @Override
        public boolean concerns(String pid) {
            return true;
        }

        @Override
        @SuppressWarnings("InfiniteRecursion")
        public void check(WrittenSettings written, List<InvalidSettingException> problems) {
            check(written, problems);
        }
    }

    /** Never answers. */
    public static final class Sleeping implements ConfigurationCheck {
        public Sleeping() {}

        @Override
        public boolean concerns(String pid) {
            return true;
        }

        @Override
        public void check(WrittenSettings written, List<InvalidSettingException> problems) {
            while (true) {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    // Not even then.
                }
            }
        }
    }
}
