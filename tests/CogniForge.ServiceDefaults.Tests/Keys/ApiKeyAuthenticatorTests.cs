using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace CogniForge.ServiceDefaults.Tests.Keys;

public sealed class ApiKeyAuthenticatorTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly InMemoryApiKeyStore _store = new(new());
    private readonly ApiKeyCache _keys;

    public ApiKeyAuthenticatorTests() => _keys = new(_store, _clock, NullLogger<ApiKeyCache>.Instance);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Authenticate_StoredKey_ReturnsCallerWithScopes()
    {
        var (secret, key) = await AddAsync();

        var caller = await AuthenticateAsync(secret);

        Assert.Equal((key.Id.ToString(), "test", "llm:read"), (caller!.Id, caller.Name, Assert.Single(caller.Scopes)));
    }

    [Fact]
    public async Task Authenticate_ExpiredKey_IsRefused()
    {
        var (secret, _) = await AddAsync(expiresIn: TimeSpan.FromHours(1));
        var authenticator = Authenticator();
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(await authenticator.AuthenticateAsync(secret, null, default));

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Null(await authenticator.AuthenticateAsync(secret, null, default));
    }

    [Fact]
    public async Task Authenticate_RevokedKey_IsRefused()
    {
        var (secret, key) = await AddAsync();
        await _store.ChangeAsync(
            key.Id,
            k => k with { RevokedAt = _clock.GetUtcNow() },
            Audited.Request,
            default
        );

        Assert.Null(await AuthenticateAsync(secret));
    }

    [Theory]
    [InlineData("cf_made-up")]
    [InlineData("")]
    [InlineData(TestService.RootKey + " ")]
    public async Task Authenticate_UnknownKey_IsRefused(string secret)
    {
        await AddAsync();

        Assert.Null(await AuthenticateAsync(secret));
    }

    [Fact]
    public async Task Authenticate_AdminKey_HasEveryScope()
    {
        var caller = await AuthenticateAsync(TestService.RootKey);

        Assert.Equal("root", caller!.Id);
        Assert.Equal(Scopes.All, caller.Scopes);
    }

    [Fact]
    public async Task Authenticate_ServiceKey_HasOnlyItsScopes()
    {
        var caller = await AuthenticateAsync(TestService.ServiceKey);

        Assert.Equal("service", caller!.Id);
        Assert.Equal(Scopes.ServiceCalls, caller.Scopes);
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    [InlineData("Staging", false)]
    public async Task Authenticate_DevelopmentKey_WorksOnlyInDevelopment(string environment, bool accepted) =>
        Assert.Equal(accepted, await AuthenticateAsync("cf_dev", environment) is not null);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Authenticate_EmptySecretWithoutRootKey_IsRefused(string? adminKey)
    {
        var authenticator = Authenticator(options: new() { AdminApiKey = adminKey, ServiceKey = adminKey });

        Assert.Null(await authenticator.AuthenticateAsync("", null, default));
    }

    private async Task<Caller?> AuthenticateAsync(string secret, string environment = "Production")
    {
        var authenticator = Authenticator(environment);
        return await authenticator.AuthenticateAsync(secret, null, default) is { } user ? Caller.From(user) : null;
    }

    private ApiKeyAuthenticator Authenticator(string environment = "Production", CogniForgeOptions? options = null) =>
        new(
            new(
                new FixedOptions<CogniForgeOptions>(
                    options
                        ?? new() { AdminApiKey = TestService.RootKey, ServiceKey = TestService.ServiceKey }
                )
            ),
            new HostingEnvironment { EnvironmentName = environment },
            _keys
        );

    private async Task<(string Secret, ApiKey Key)> AddAsync(TimeSpan? expiresIn = null)
    {
        var now = _clock.GetUtcNow();
        var (secret, key) = (
            ApiKey.NewSecret(),
            new ApiKey(Guid.CreateVersion7(now), "test", ["llm:read"], now, now + expiresIn, null)
        );
        await _store.AddAsync(key, ApiKey.Hash(secret), Audited.Request, default);
        return (secret, key);
    }
}
