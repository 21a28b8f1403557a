package io.tidewatch.health;

import io.tidewatch.testing.config.DocumentedConfiguration;

class DocumentationTest implements DocumentedConfiguration {
    @Override
    public Class<?> configuration() {
        return HealthSettings.Config.class;
    }

    @Override
    public String pid() {
        return "tidewatch.health";
    }
}
