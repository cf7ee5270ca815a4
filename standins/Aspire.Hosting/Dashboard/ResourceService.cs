using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Dashboard.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Serves the state of the resources to the dashboard: gRPC on a port of the loopback address, to those who have the key.</summary>
internal sealed class ResourceService(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    IConfiguration configuration,
    ILoggerFactory loggerFactory) : IHostedService, IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";
    private const int Ok = 0;
    private const int Unimplemented = 12;
    private const int Unauthenticated = 16;
    private const int CharactersPerBatch = 1_000_000;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    public Task<string> Address => _address.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var asked = configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] is { Length: > 0 } url ? new Uri(url) : new Uri("http://127.0.0.1:0");
        if (!asked.IsLoopback)
            throw new DistributedApplicationException($"ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL must be a loopback address, not {asked}.");
        // Nothing of the AppHost's own configuration, which has the dashboard's address, is this server's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggerFactory);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, asked.Port, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        _address.TrySetResult(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_server is not null)
            await _server.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var stream = new GrpcStream(http);
        if (!HasKey(http.Request))
        {
            http.Response.ContentType = "application/grpc";
            stream.End(Unauthenticated);
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stream.Aborted, _stopping.Token);
        try
        {
            await stream.BeginAsync().ConfigureAwait(false);
            stream.End(await DispatchAsync(http.Request.Path.Value ?? "", stream, ends.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The dashboard has gone, or we go.
        }
    }

    private async Task<int> DispatchAsync(string path, GrpcStream stream, CancellationToken cancellationToken)
    {
        switch (path)
        {
            case "/aspire.v1.DashboardService/GetApplicationInformation":
                await stream.WriteAsync(new ApplicationInformationResponse { ApplicationName = ApplicationName() }).ConfigureAwait(false);
                return Ok;
            case "/aspire.v1.DashboardService/WatchResources":
                await WatchResourcesAsync(stream, cancellationToken).ConfigureAwait(false);
                return Ok;
            case "/aspire.v1.DashboardService/WatchResourceConsoleLogs":
                await WatchLogsAsync(stream, cancellationToken).ConfigureAwait(false);
                return Ok;
            case "/aspire.v1.DashboardService/ExecuteResourceCommand":
                await ExecuteAsync(stream, cancellationToken).ConfigureAwait(false);
                return Ok;
            case "/aspire.v1.DashboardService/WatchInteractions":
                // There are none; ending the stream would make the dashboard ask again at once.
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
                return Ok;
            default:
                return Unimplemented;
        }
    }

    private async Task WatchResourcesAsync(GrpcStream stream, CancellationToken cancellationToken)
    {
        var changes = notifications.WatchAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (changes.ConfigureAwait(false))
        {
            var initial = new InitialResourceData();
            initial.Resources.AddRange(notifications.GetAll().Select(ResourceMapping.ToWire));
            await stream.WriteAsync(new WatchResourcesUpdate { InitialData = initial }).ConfigureAwait(false);
            while (await changes.MoveNextAsync().ConfigureAwait(false))
            {
                var update = new WatchResourcesChanges();
                update.Value.Add(new WatchResourcesChange { Upsert = ResourceMapping.ToWire(changes.Current) });
                await stream.WriteAsync(new WatchResourcesUpdate { Changes = update }).ConfigureAwait(false);
            }
        }
    }

    private async Task WatchLogsAsync(GrpcStream stream, CancellationToken cancellationToken)
    {
        var request = await stream.ReadAsync(WatchResourceConsoleLogsRequest.Parser).ConfigureAwait(false);
        if (!notifications.TryGetCurrentState(request.ResourceName, out var resource))
            return;
        var log = loggers.Log(resource.ResourceId);
        var batches = request.SuppressFollow ? log.History(firstNumber: 1) : log.FollowAsync(firstNumber: 1, cancellationToken);
        await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var update = new WatchResourceConsoleLogsUpdate();
            var characters = 0;
            foreach (var line in batch)
            {
                if ((characters += line.Content.Length) > CharactersPerBatch)
                {
                    await stream.WriteAsync(update).ConfigureAwait(false);
                    update = new WatchResourceConsoleLogsUpdate();
                    characters = line.Content.Length;
                }

                update.LogLines.Add(new ConsoleLogLine { Text = line.Content, IsStdErr = line.IsErrorMessage, LineNumber = line.LineNumber });
            }

            await stream.WriteAsync(update).ConfigureAwait(false);
        }
    }

    private async Task ExecuteAsync(GrpcStream stream, CancellationToken cancellationToken)
    {
        var request = await stream.ReadAsync(ResourceCommandRequest.Parser).ConfigureAwait(false);
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, cancellationToken).ConfigureAwait(false);
        var response = new ResourceCommandResponse
        {
            Kind = result.Success ? ResourceCommandResponseKind.Succeeded
                : result.Canceled ? ResourceCommandResponseKind.Cancelled
                : ResourceCommandResponseKind.Failed,
        };
        if (result.Message is { } message)
            response.Message = message;
        await stream.WriteAsync(response).ConfigureAwait(false);
    }

    private string ApplicationName()
    {
        var name = configuration["AppHost:DashboardApplicationName"] ?? "";
        foreach (var suffix in (string[])[".AppHost", "AppHost"])
        {
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                return name[..^suffix.Length];
        }

        return name;
    }

    private bool HasKey(HttpRequest request)
    {
        if (configuration["AppHost:ResourceService:ApiKey"] is not { } key)
            return true;
        return request.Headers[KeyHeader] is [{ } given] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
    }
}
