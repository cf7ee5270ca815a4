using System.Net.Sockets;
using CogniForge.ServiceDefaults.Errors;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Distinguishes outages of servers from faulty requests and messages.</summary>
public static class TransientFaults
{
    /// <summary>
    /// Whether Postgres, Redis or RabbitMQ is unreachable or not ready, so that a retry may succeed later. SQLSTATEs
    /// after PostgreSQL's appendix A: 25006 read-only, 08 connection, 28 login, 3D no such database, 53 resources, 57
    /// operator intervention (e.g. shutdown), 58 system error.
    /// </summary>
    public static bool IsOutage(Exception exception) =>
        exception switch
        {
            PostgresException e => e.IsTransient
                || e.SqlState is "25006"
                || e.SqlState[..2] is "08" or "28" or "3D" or "53" or "57" or "58",
            NpgsqlException => true,
            RedisServerException e => e.Message.Split(' ')[0]
                is "LOADING"
                    or "BUSY"
                    or "MASTERDOWN"
                    or "READONLY"
                    or "OOM",
            RedisConnectionException or RedisTimeoutException or DependencyUnavailableException => true,
            SocketException or TimeoutException => true,
            IOException { InnerException: SocketException } => true,
            _ => false,
        };
}
