using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Tests;

public sealed class RedisDefaultsTests
{
    private static readonly TimeoutOptions _timeouts = new()
    {
        RedisConnect = TimeSpan.FromSeconds(3),
        RedisCommand = TimeSpan.FromSeconds(4),
    };

    [Theory]
    [InlineData("localhost", 3_000, 4_000, 4_000)]
    [InlineData("localhost,connectTimeout=6000,syncTimeout=7000", 6_000, 7_000, 7_000)]
    [InlineData("localhost,asyncTimeout=900,password=connectTimeout", 3_000, 5_000, 900)]
    public void Apply_ConnectionString_TakesPrecedence(string connectionString, int connect, int sync, int async)
    {
        var options = ConfigurationOptions.Parse(connectionString);

        RedisDefaults.Apply(options, _timeouts);

        Assert.Equal((connect, sync, async), (options.ConnectTimeout, options.SyncTimeout, options.AsyncTimeout));
        Assert.False(options.BacklogPolicy.QueueWhileDisconnected);
    }
}
