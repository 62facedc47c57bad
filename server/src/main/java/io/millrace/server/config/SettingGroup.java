package io.millrace.server.config;

import java.util.List;

/** Options that the help shows under one heading. */
record SettingGroup(String heading, List<Setting<?>> settings) {}
