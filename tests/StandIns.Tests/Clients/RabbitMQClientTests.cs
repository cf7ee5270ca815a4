using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace StandIns.Tests.Clients;

public class RabbitMQClientTests
{
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);

    [Fact]
    public void ConnectionString_Missing_MeansTheFactoryDefaults()
    {
        _builder.AddRabbitMQClient("messaging");
        var address = Build().GetRequiredService<IConnectionFactory>().Uri;
        Assert.Equal(("localhost", 5672), (address.Host, address.Port));
    }

    [Theory]
    [InlineData("section", "Aspire:RabbitMQ:Client:ConnectionString")]
    [InlineData("named", "Aspire:RabbitMQ:Client:ConnectionString", "Aspire:RabbitMQ:Client:messaging:ConnectionString")]
    [InlineData("strings", "Aspire:RabbitMQ:Client:ConnectionString", "Aspire:RabbitMQ:Client:messaging:ConnectionString", "ConnectionStrings:messaging")]
    public void ConnectionString_FromSeveralPlaces_LastWins(string expected, params string[] keys)
    {
        foreach (var (key, host) in keys.Zip(["section", "named", "strings"]))
            _builder.Configuration[key] = $"amqp://guest:guest@{host}:5";
        _builder.AddRabbitMQClient("messaging");
        Assert.Equal(expected, Build().GetRequiredService<IConnectionFactory>().Uri.Host);
    }

    [Fact]
    public void Factory_FromSectionThenConnectionStringThenCode_LaterWins()
    {
        _builder.Configuration["Aspire:RabbitMQ:Client:ConnectionFactory:HostName"] = "section";
        _builder.Configuration["Aspire:RabbitMQ:Client:ConnectionFactory:ClientProvidedName"] = "section";
        _builder.Configuration["ConnectionStrings:messaging"] = "amqp://user:secret@strings:5/vhost";
        _builder.AddRabbitMQClient("messaging", configureConnectionFactory: factory => factory.VirtualHost += "2");
        var factory = Build().GetRequiredService<IConnectionFactory>();
        Assert.Equal(("section", "strings", "user", "vhost2"), (factory.ClientProvidedName, factory.Uri.Host, factory.UserName, factory.VirtualHost));
    }

    [Fact]
    public async Task Connect_BrokerRefuses_TriesAsOftenAsToldAndIsUnhealthy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var attempts = 0;
        var refusing = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                attempts++;
            }
        });
        _builder.AddRabbitMQClient("messaging", settings =>
        {
            settings.ConnectionString = $"amqp://guest:guest@{listener.LocalEndpoint}";
            settings.MaxConnectRetryCount = 1;
        });
        var services = Build();
        Assert.Throws<BrokerUnreachableException>(services.GetRequiredService<IConnection>);
        Assert.Equal(2, attempts);

        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, Assert.Single(report.Entries, e => e.Key == "RabbitMQ.Client").Value.Status);
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => refusing);
    }

    private ServiceProvider Build() => _builder.Services.AddLogging().BuildServiceProvider();
}
