package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedisInfoTest {
    @Test
    void shouldReadValuesOfAllSections() {
        final RedisInfo info = new RedisInfo(
                "# Server\r\nredis_version:7.0.15\r\n\r\n# Persistence\r\nloading:1\r\nexecutable:/a:b\r\n");
        assertThat(info.get("redis_version")).isEqualTo("7.0.15");
        assertThat(info.get("executable")).isEqualTo("/a:b");
        assertThat(info.get("role")).isEmpty();
        assertThat(info.isLoading()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "6.2.0,true",
        "6.2,true",
        "6.10.1,true",
        "7.0.15,true",
        "10.0.0,true",
        "6.0.16,false",
        "5.9.9,false",
        "unstable,false",
        "'',false",
        "6.x,false"
    })
    void shouldCompareVersions(final String version, final boolean isEnough) {
        assertThat(new RedisInfo("redis_version:" + version).isAtLeast(6, 2)).isEqualTo(isEnough);
    }
}
