package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.config.ConnectionUri;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The Redis that {@code run} is given. */
class RunStoresTest {
    private final Shell shell = new Shell();

    @Test
    void shouldTakeEveryFormOfRedisAndHowLongToKeepWhatItHas() {
        assertThat(shell.execute(
                        "run",
                        "--redis=redis-sentinel://:pw@a:1,b:2/3#mill",
                        "--redis-wait-replicas=2",
                        "--keep=90s",
                        "--role=ingest"))
                .isZero();
        assertThat(shell.config().redis()).contains(new ConnectionUri("redis-sentinel://:pw@a:1,b:2/3#mill"));
        assertThat(shell.config().redisWaitReplicas()).isEqualTo(2);
        assertThat(shell.config().keep()).isEqualTo(Duration.ofSeconds(90));
        assertThat(shell.execute("run", "--redis=rediss-cluster://u:pw@a:1,b:2"))
                .isZero();

        assertThat(shell.execute("run", "--redis=redis-sentinel://:hunter2@a:1,b:2"))
                .isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --redis: must be redis://")
                .contains("the master that the Sentinels watch is not named behind a #")
                .doesNotContain("hunter2");
        assertThat(shell.execute("run", "--redis=redis://:hunter2@a:1,b:2")).isEqualTo(2);
        shell.assertError().contains("several hosts need redis-cluster://").doesNotContain("hunter2");
    }

    @Test
    void shouldNotWaitForReplicasOfAnEmbeddedRedis() {
        assertThat(shell.execute("run", "--redis-wait-replicas=1")).isEqualTo(2);
        shell.assertError().startsWith("millrace: --redis-wait-replicas=1: ").contains("--redis");
    }

    @Test
    void shouldWantARedisThatTwoRolesCanShare() {
        assertThat(shell.execute("run", "--role=ingest")).isEqualTo(2);
        shell.assertError().contains("--role=ingest").contains("--redis");
        assertThat(shell.execute("run", "--role=ingest", "--redis=redis://localhost"))
                .isZero();
    }
}
