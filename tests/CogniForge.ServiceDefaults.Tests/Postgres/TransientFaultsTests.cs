using System.Net.Sockets;
using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class TransientFaultsTests(RealServers servers)
{
    public static TheoryData<Exception> Outages =>
        [
            new NpgsqlException("Failed to connect"),
            new PostgresException("shutting down", "FATAL", "FATAL", "57P01"),
            new PostgresException("starting up", "FATAL", "FATAL", "57P03"),
            new PostgresException("too many clients", "FATAL", "FATAL", "53300"),
            new PostgresException("disk full", "ERROR", "ERROR", "53100"),
            new PostgresException("read-only after a failover", "ERROR", "ERROR", "25006"),
            new PostgresException("password was changed", "FATAL", "FATAL", "28P01"),
            new PostgresException("no such database yet", "FATAL", "FATAL", "3D000"),
            new PostgresException("serialization failure", "ERROR", "ERROR", "40001"),
            new BrokerUnavailableException("away"),
            new TimeoutException(),
            new SocketException(),
            new IOException("broken pipe", new SocketException()),
        ];

    public static TheoryData<Exception> Faults =>
        [
            new PostgresException("duplicate key", "ERROR", "ERROR", "23505"),
            new PostgresException("no such table", "ERROR", "ERROR", "42P01"),
            new PostgresException("invalid byte sequence", "ERROR", "ERROR", "22021"),
            new EventRejectedException("not ours"),
            new InvalidOperationException(),
            new IOException("no such file"),
        ];

    [Theory]
    [MemberData(nameof(Outages))]
    public void IsOutage_ServerUnavailable_ReturnsTrue(Exception exception) =>
        Assert.True(TransientFaults.IsOutage(exception));

    [Theory]
    [MemberData(nameof(Faults))]
    public void IsOutage_FaultyMessageOrCode_ReturnsFalse(Exception exception) =>
        Assert.False(TransientFaults.IsOutage(exception));

    [Fact]
    public async Task IsOutage_RedisError_DependsOnItsCode()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);

        Assert.True(await IsOutageAsync("LOADING Redis is loading the dataset in memory"));
        Assert.True(await IsOutageAsync("BUSY Redis is busy running a script"));
        Assert.True(await IsOutageAsync("READONLY You can't write against a read only replica."));
        Assert.True(await IsOutageAsync("OOM command not allowed when used memory > 'maxmemory'."));
        Assert.False(await IsOutageAsync("WRONGTYPE Operation against a key holding the wrong kind of value"));

        async Task<bool> IsOutageAsync(string error) =>
            TransientFaults.IsOutage(
                await Assert.ThrowsAnyAsync<Exception>(() =>
                    redis.GetDatabase().ScriptEvaluateAsync("return redis.error_reply(ARGV[1])", values: [error])
                )
            );
    }

    [Fact]
    public async Task IsOutage_RedisUnavailable_ReturnsTrue()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() =>
            ConnectionMultiplexer.ConnectAsync("127.0.0.1:9,connectTimeout=200,connectRetry=0")
        );

        Assert.True(TransientFaults.IsOutage(exception));
    }
}
