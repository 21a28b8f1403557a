package io.tidewatch.clockskew;

import io.tidewatch.testing.config.DocumentedConfiguration;

class DocumentationTest implements DocumentedConfiguration {
    @Override
    public Class<?> configuration() {
        return ClockSkew.Config.class;
    }

    @Override
    public String pid() {
        return "tidewatch.clockskew";
    }
}
