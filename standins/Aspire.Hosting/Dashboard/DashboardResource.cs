using System.Net.Sockets;
using System.Runtime.InteropServices;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Puts the dashboard into the model, hidden and first in line, when its program is found.</summary>
internal static partial class DashboardResource
{
    private const string HealthKey = $"{DashboardServices.ResourceName}_check";

    public static void AddDashboardResource(this IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (FindProgram(builder.AppHostDirectory) is not { } program)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
            {
                LogMissing(started.Services.GetRequiredService<ILogger<DistributedApplication>>(), Package);
                return Task.CompletedTask;
            });
            return;
        }

        var dashboard = new ExecutableResource(DashboardServices.ResourceName, program, builder.AppHostDirectory);
        var frontend = AddEndpoint(dashboard, "http", First(configuration["ASPNETCORE_URLS"]));
        AddEndpoint(dashboard, "otlp-grpc", First(configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]));
        AddEndpoint(dashboard, "otlp-http", First(configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"]));
        builder.Services.AddHealthChecks().AddCheck(HealthKey, new HttpHealthCheck(frontend, "/login", StatusCodes.Status200OK));
        // The AppHost's own entry point may clear or reorder the resources: this one joins them last and goes first.
        builder.Eventing.Subscribe<BeforeStartEvent>((started, _) =>
        {
            started.Model.Resources.Insert(0, dashboard);
            return Task.CompletedTask;
        });
        builder.CreateResourceBuilder(dashboard)
            .WithAnnotation(new HiddenResourceAnnotation())
            .WithHealthCheck(HealthKey)
            .WithArgs("dashboard", "run", "--non-interactive", "--nologo")
            .WithEnvironment(context => SetVariables(context, dashboard, configuration))
            .OnResourceReady((_, ready, _) =>
            {
                Announce(ready.Services.GetRequiredService<ILogger<DistributedApplication>>(), dashboard, configuration["AppHost:BrowserToken"]);
                return Task.CompletedTask;
            });
    }

    private static string Package => $"@microsoft/aspire-cli-{(OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsWindows() ? "win" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string? FindProgram(string appHostDirectory)
    {
        if (Executables.FindOnPath("aspire") is { } onPath)
            return onPath;
        for (var folder = appHostDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Executables.FindIn([Path.Combine(folder, ".tools/node_modules/@microsoft/aspire-cli-*/bin")], "aspire") is { } program)
                return program;
        }

        return null;
    }

    private static string? First(string? urls) => urls?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    private static EndpointReference AddEndpoint(ExecutableResource dashboard, string name, string? url)
    {
        var address = url is null ? null : BindingAddress.Parse(url);
        // The dashboard tells browsers its own address, so it listens on that itself.
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, address?.Scheme ?? "http", name: name, port: address?.Port, isProxied: address is null)
        {
            TargetHost = address?.Host ?? "localhost",
        };
        dashboard.Annotations.Add(endpoint);
        return new EndpointReference(dashboard, endpoint);
    }

    private static async Task SetVariables(EnvironmentCallbackContext context, ExecutableResource dashboard, ConfigurationManager configuration)
    {
        var variables = context.EnvironmentVariables;
        foreach (var (key, value) in configuration.AsEnumerable().Where(c => c.Key.StartsWith("ASPIRE_DASHBOARD_", StringComparison.OrdinalIgnoreCase) && c.Value is not null))
            variables[key] = value!;
        var resourceService = context.ExecutionContext.Services.GetRequiredService<ResourceService>();
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        variables["ASPNETCORE_URLS"] = dashboard.GetEndpoint("http");
        variables["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = dashboard.GetEndpoint("otlp-grpc");
        variables["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = dashboard.GetEndpoint("otlp-http");
        variables["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = await resourceService.Address.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        variables["ASPIRE_DASHBOARD_API_ENABLED"] = "true";
        variables["DASHBOARD__FRONTEND__PUBLICURL"] = dashboard.GetEndpoint("http");
        SetKey("DASHBOARD__FRONTEND", "BrowserToken", "__BROWSERTOKEN", configuration["AppHost:BrowserToken"]);
        SetKey("DASHBOARD__RESOURCESERVICECLIENT", "ApiKey", "__APIKEY", configuration["AppHost:ResourceService:ApiKey"]);
        SetKey("DASHBOARD__OTLP", "ApiKey", "__PRIMARYAPIKEY", configuration["AppHost:OtlpApiKey"]);
        SetKey("DASHBOARD__API", "ApiKey", "__PRIMARYAPIKEY", configuration["AppHost:OtlpApiKey"]);

        void SetKey(string section, string mode, string name, string? key)
        {
            variables[section + "__AUTHMODE"] = key is null ? "Unsecured" : mode;
            if (key is not null)
                variables[section + name] = key;
        }
    }

    private static void Announce(ILogger logger, ExecutableResource dashboard, string? token)
    {
        var url = dashboard.GetEndpoint("http").Url;
        var login = token is null ? url : $"{url}/login?t={token}";
        LogListening(logger, url);
        if (token is not null)
            LogLogin(logger, login);
        LogSummary(logger, url, login, dashboard.GetEndpoint("otlp-grpc").Url, dashboard.GetEndpoint("otlp-http").Url);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The Aspire dashboard is not installed here. To get it: npm install --prefix .tools {Package}")]
    private static partial void LogMissing(ILogger logger, string package);

    [LoggerMessage(Level = LogLevel.Information, Message = "Now listening on: {Url}")]
    private static partial void LogListening(ILogger logger, string url);

    [LoggerMessage(Level = LogLevel.Information, Message = "Login to the dashboard at {Url}")]
    private static partial void LogLogin(ILogger logger, string url);

    [LoggerMessage(Level = LogLevel.Information, Message = "Aspire Dashboard\n- Dashboard: {Url}\n- Login URL: {Login}\n- OTLP/gRPC: {Grpc}\n- OTLP/HTTP: {Http}")]
    private static partial void LogSummary(ILogger logger, string url, string login, string grpc, string http);
}
