namespace CogniForge.Analytics.Tests;

/// <summary>What holds for every service: scopes, the API document, the folders.</summary>
public class ContractTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    [Fact]
    public void Endpoints_All_NameTheirScope() => RouteTable.AssertScopes(service.Services);

    [Fact]
    public Task OpenApi_Served_IsCommitted() => OpenApiFile.AssertCommittedAsync(service.Client, "analytics");

    [Fact]
    public Task OpenApi_Operations_AreDescribed() => OpenApiFile.AssertCompleteAsync(service.Client);

    [Fact]
    public Task OpenApi_Examples_AreTaken() => OpenApiFile.AssertExamplesAsync(service.Client);

    [Fact]
    public void Folders_References_AreInTheTable() =>
        FolderRules.AssertDependencies(
            typeof(Program).Assembly,
            new Dictionary<string, string> { ["Activity"] = "Ingestion", ["Ingestion"] = "" }
        );

    [Fact]
    public void LogEvents_Ids_AreUnique() =>
        LogEvents.AssertUnique(
            typeof(Program).Assembly,
            typeof(ServiceDefaults.ServiceDescription).Assembly,
            typeof(Messaging.MessagingExtensions).Assembly
        );
}
