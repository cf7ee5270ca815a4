using Aspire.Hosting.ApplicationModel;

namespace CogniForge.AppHost.Tests.Deployment;

public sealed class ManifestTests(ManifestFixture fixture) : IClassFixture<ManifestFixture>
{
    private readonly PublishedManifest _manifest = fixture.Manifest;

    [Fact]
    public void Manifest_Published_HasOnlyServicesCacheAndParameters()
    {
        var names = _manifest.Resources.ToLookup(r => (string)r.Value!["type"]!, r => r.Key);

        Assert.Equal(["analytics", "llm", "serving", "web"], names["project.v0"].Order());
        Assert.Equal(["cache"], names["container.v0"]);
        Assert.Equal(
            [
                "admin-api-key",
                "analyticsdb",
                "anthropic-api-key",
                "cache-password",
                "llmdb",
                "messaging",
                "openai-api-key",
                "openrouter-api-key",
                "service-key",
                "servingdb",
                "webdb",
            ],
            names["parameter.v0"].Order()
        );
        Assert.Empty(
            names
                .Select(g => g.Key)
                .Except(["project.v0", "container.v0", "parameter.v0", "annotated.string", "value.v0"])
        );
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Published_HasExternalEndpointsWithoutFixedPorts(string service)
    {
        var bindings = _manifest.Resources[service]!["bindings"]!.AsObject();

        Assert.Equal(["http", "https"], bindings.Select(b => b.Key).Order());
        Assert.All(
            bindings,
            b =>
            {
                Assert.True((bool?)b.Value!["external"]);
                Assert.Equal("http", (string?)b.Value["transport"]);
                Assert.Null(b.Value["port"]);
                Assert.Null(b.Value["targetPort"]);
            }
        );
        Assert.Equal($"{{{service}.bindings.http.targetPort}}", Environment(service)["HTTP_PORTS"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Published_GetsOnlyItsOwnDatabase(string service)
    {
        var connections = Environment(service)
            .Where(e => e.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__cache"] = "{cache.connectionString}",
                ["ConnectionStrings__messaging"] = "{messaging.connectionString}",
                [$"ConnectionStrings__{service}db"] = $"{{{service}db.connectionString}}",
            },
            connections.ToDictionary()
        );
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Published_GetsSharedKeysFromParameters(string service)
    {
        Assert.Equal("{admin-api-key.value}", Environment(service)["CogniForge__AdminApiKey"]);
        Assert.Equal("{service-key.value}", Environment(service)["CogniForge__ServiceKey"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Published_CanHaveReplicas(string service)
    {
        var resource = _manifest.Resources[service]!;

        Assert.Null(resource["volumes"]);
        Assert.Null(resource["bindMounts"]);
        // The folder exists on this machine only; a deployment sets its own.
        Assert.DoesNotContain("CogniForge__JournalDirectory", Environment(service));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Published_HasLivenessAndReadinessProbe(string service)
    {
#pragma warning disable ASPIREPROBES001 // Experimental in name since 9.5; publishers read these annotations.
        var probes = _manifest
            .Services.Single(s => s.Name == service)
            .Annotations.OfType<EndpointProbeAnnotation>()
            .ToDictionary(p => p.Type, p => (p.Path, p.EndpointReference.EndpointName));

        Assert.Equal(("/alive", "http"), probes[ProbeType.Liveness]);
        Assert.Equal(("/health", "http"), probes[ProbeType.Readiness]);
#pragma warning restore ASPIREPROBES001
    }

    [Fact]
    public void Parameters_Published_AreSecretsWithoutValues()
    {
        var parameters = _manifest.Resources.Where(r => (string?)r.Value!["type"] == "parameter.v0");

        Assert.All(
            parameters,
            p =>
            {
                Assert.True((bool?)p.Value!["inputs"]!["value"]!["secret"]);
                Assert.Null(p.Value["inputs"]!["value"]!["default"]?["value"]);
            }
        );
        Assert.DoesNotContain(ManifestFixture.SecretOfThisMachine, _manifest.Text);
    }

    [Theory]
    [InlineData("admin-api-key", 43)]
    [InlineData("service-key", 43)]
    [InlineData("cache-password", 22)]
    public void Key_Published_IsGeneratedByDeployment(string parameter, int minLength) =>
        Assert.Equal(
            minLength,
            (int?)_manifest.Resources[parameter]!["inputs"]!["value"]!["default"]!["generate"]!["minLength"]
        );

    [Fact]
    public void Manifest_Published_IsMachineIndependent()
    {
        string[] local =
        [
            "localhost",
            "127.0.0.1",
            Repository.Root,
            Path.GetTempPath(),
            "LocalServers",
            ":520",
            ":1888",
        ];

        Assert.All(local, name => Assert.DoesNotContain(name, _manifest.Text));
        Assert.All(
            _manifest.Services,
            s => Assert.False(Path.IsPathRooted((string)_manifest.Resources[s.Name]!["path"]!))
        );
    }

    [Fact]
    public void ProviderKeys_Default_AreParametersOfAllProviders()
    {
        Assert.Equal("{openai-api-key.value}", Environment("llm")["Providers__openai__ApiKey"]);
        Assert.Equal("{anthropic-api-key.value}", Environment("llm")["Providers__anthropic__ApiKey"]);
        Assert.Equal("{openrouter-api-key.value}", Environment("llm")["Providers__openrouter__ApiKey"]);
    }

    [Theory]
    [InlineData("anthropic, mistral", "anthropic-api-key", "mistral-api-key")]
    [InlineData("")]
    public async Task ProviderKeys_Listed_AreParametersOfListed(string providers, params string[] expected)
    {
        var manifest = await PublishedManifest.PublishAsync($"ProviderKeys={providers}");

        var keys = manifest
            .Resources.Select(r => r.Key)
            .Where(name => name.EndsWith("-api-key", StringComparison.Ordinal));
        Assert.Equal(["admin-api-key", .. expected], keys.Order());
    }

    public static TheoryData<string> Services { get; } = ["llm", "serving", "analytics", "web"];

    private Dictionary<string, string> Environment(string service) =>
        _manifest.Resources[service]!["env"]!.AsObject().ToDictionary(e => e.Key, e => (string)e.Value!);
}
