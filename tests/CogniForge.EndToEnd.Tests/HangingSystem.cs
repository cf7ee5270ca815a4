using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A system whose services reach Postgres through a proxy that can stall.</summary>
public sealed class HangingSystem : MeasuredSystem
{
    private readonly Lock _lock = new();

    internal TcpProxy Postgres { get; private set; } = null!;

    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        base.Configure(builder);
        foreach (var database in builder.Resources.OfType<PostgresDatabaseResource>())
        {
            var service = builder.Resources.OfType<ProjectResource>().Single(p => $"{p.Name}db" == database.Name);
            builder
                .CreateResourceBuilder(service)
                .WithEnvironment(async context =>
                {
                    var target = new NpgsqlConnectionStringBuilder(
                        await database.ConnectionStringExpression.GetValueAsync(context.CancellationToken)
                    );
                    lock (_lock)
                    {
                        Postgres ??= new(target.Host!, target.Port);
                    }

                    (target.Host, target.Port) = ("127.0.0.1", Postgres.Port);
                    context.EnvironmentVariables[$"ConnectionStrings__{database.Name}"] = target.ConnectionString;
                });
        }
    }
}
