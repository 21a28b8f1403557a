package io.tidewatch.page;

import io.tidewatch.testing.config.DocumentedConfiguration;

class DocumentationTest implements DocumentedConfiguration {
    @Override
    public Class<?> configuration() {
        return PageSettings.Config.class;
    }

    @Override
    public String pid() {
        return PageSettings.PID;
    }
}
