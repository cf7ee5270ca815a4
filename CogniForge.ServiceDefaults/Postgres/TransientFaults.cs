using System.Net.Sockets;
using CogniForge.ServiceDefaults.Errors;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Tells "a server is away" from "this request or message is wrong".</summary>
public static class TransientFaults
{
    /// <summary>
    /// Whether an exception says that Postgres, Redis or RabbitMQ cannot be reached or is not able to answer now, so that the same work may succeed later.
    /// Of Redis' errors those count with which it says that it is not ready.
    /// SQLSTATE 25006 (read-only after a failover) and the classes 08 (connection), 28 (log-in), 3D (no such database), 53 (resources), 57 (operator intervention, e.g. shutting down)
    /// and 58 (system error) count; see PostgreSQL's appendix A.
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
