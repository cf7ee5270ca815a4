using CogniForge.Llm.PassThrough;

namespace CogniForge.Llm.Tests;

/// <summary>The contract of every service: scopes, the OpenAPI document, the folder rules, log event ids.</summary>
public class ContractTests(LlmService service) : IClassFixture<LlmService>
{
    [Fact]
    public void Endpoints_All_DeclareScope() => RouteTable.AssertScopes(service.Services);

    [Fact]
    public void Start_Service_CreatesNoDataProtectionKeys() => DataProtection.AssertNoKeys(service.Services);

    [Fact]
    public void Bodies_NativeApis_RejectUnknownFields() => RouteTable.AssertStrictBodies(service.Services);

    [Fact]
    public Task OpenApi_Served_MatchesCommittedFile() => OpenApiFile.AssertCommittedAsync(service.Client, "llm");

    [Fact]
    public Task OpenApi_Operations_AreDescribed() => OpenApiFile.AssertCompleteAsync(service.Client);

    [Fact]
    public Task OpenApi_Examples_AreAccepted() => OpenApiFile.AssertExamplesAsync(
            service.Client,
            // The mock does not offer these.
            [.. PassThroughTable.All.Select(e => $"/v1/{e.Path}")]
        );

    [Fact]
    public void Folders_References_MatchTable() =>
        FolderRules.AssertDependencies(
            typeof(Program).Assembly,
            new Dictionary<string, string>
            {
                ["BudgetedRequests"] = "Gateway Pricing Protocols Routing",
                ["Caching"] = "Configuration Gateway Limits Pricing Protocols Redis Routing",
                ["Configuration"] = "Limits Pricing Protocols Providers Resilience Routing",
                ["Gateway"] =
                    "BudgetedRequests Caching Configuration Limits Pricing Protocols Providers ProviderState "
                    + "RequestLog Resilience Routing Telemetry",
                ["Limits"] =
                    "BudgetedRequests Configuration Gateway Pricing Protocols Redis RequestLog Resilience Routing",
                ["PassThrough"] =
                    "BudgetedRequests Caching Configuration Gateway Limits Pricing Protocols Providers ProviderState "
                    + "RequestLog Resilience Routing Telemetry",
                ["Pricing"] = "Configuration Gateway Protocols Routing",
                ["Protocols"] = "Pricing Resilience Routing",
                ["Providers"] = "Pricing Protocols Resilience Routing",
                ["ProviderState"] = "Gateway Protocols Resilience Routing",
                ["Redis"] = "Limits",
                ["RequestLog"] = "Pricing Resilience",
                ["Resilience"] = "Protocols Routing Telemetry",
                ["Routing"] = "Configuration Limits Protocols",
                ["Telemetry"] = "Pricing Protocols RequestLog Resilience Routing",
            }
        );

    [Fact]
    public void Folders_Protocols_UseDotNetAlone() =>
        FolderRules.AssertPure(typeof(Program).Assembly, "Protocols");

    [Fact]
    public void LogEvents_Ids_AreUnique() =>
        LogEvents.AssertUnique(
            typeof(Program).Assembly,
            typeof(ServiceDefaults.ServiceDescription).Assembly,
            typeof(Messaging.MessagingExtensions).Assembly
        );
}
