using System.Text;
using System.Text.Json;
using CogniForge.Llm.Configuration;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Tests.Fuzzing;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Fuzzing;

/// <summary>A configuration document is rejected, or is valid and reads the same after it is written.</summary>
public class ConfigFuzzTests
{
    private const string Route = """
        {"targets":[{"provider":"openai","model":"gpt-*","order":1,"weight":0.5},{"provider":"mock","model":"m"}],
         "aliases":["a","b-*"],"defaults":{"temperature":0.5,"stop":["x"]},"maxOutputTokens":100,
         "limits":{"requestsPerMinute":5,"tokensPerMinute":100},
         "timeouts":{"firstTokenMs":10,"silenceMs":20,"answerMs":30,"totalMs":40},
         "cache":{"lifetimeSeconds":60,"shared":true}}
        """;

    private const string Provider = """{"kind":"openAICompatible","baseUrl":"https://example.com/v1"}""";

    private const string Price = """
        {"input":1.25,"output":10,"cacheRead":0.125,"cacheWrite":1,"reasoning":10,"perRequest":0.001,"perImage":0.002,
         "audio":{"input":32,"cacheRead":0.4,"output":64},"toolFees":{"web_search":0.01},
         "serviceTiers":{"flex":0.5},"longContext":{"aboveInputTokens":200000,"inputFactor":2,"outputFactor":1.5}}
        """;

    [Fact]
    public void Route_Mutated_RoundTripsOrIsRejected() =>
        Run<RouteConfig>(
            [Route],
            route => route.Validate("fast"),
            route => Assert.NotEmpty(route.ToRoute("fast", ConfigOrigin.Api).Targets)
        );

    [Fact]
    public void Provider_Mutated_RoundTripsOrIsRejected() =>
        Run<ProviderConfig>(
            [Provider, """{"kind":"openAI"}"""],
            provider => provider.Validate("local"),
            provider => Assert.Equal("local", provider.ToProvider("local", ConfigOrigin.Api).Name)
        );

    [Fact]
    public void Price_Mutated_RoundTripsOrIsRejected()
    {
        var key = new PriceKey(new DateOnly(2026, 1, 1), "openai", "gpt-*");
        Run<PriceConfig>(
            [Price],
            price => price.Validate(),
            price => Assert.True(price.ToPrice(key, ConfigOrigin.Api).Input >= 0)
        );
    }

    [Fact]
    public void ConfigurationFile_Mutated_IsReadOrRejected() =>
        Fuzzer.Run(
            [
                """
                {"Providers":{"ollama":{"BaseUrl":"http://localhost:11434/v1"},"openai":{"ApiKey":"k"}},
                 "Routes":{"fast":{"Targets":[{"Provider":"ollama","Model":"m","Weight":"2"}],"Aliases":["quick"],
                  "Timeouts":{"FirstToken":"00:00:05"},"Cache":{"Lifetime":"01:00:00"},"MaxOutputTokens":100}}}
                """,
            ],
            json =>
            {
                IConfiguration configuration;
                try
                {
                    configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(json)).Build();
                }
                catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
                {
                    return false; // .NET's own reader of files rejects it.
                }

                try
                {
                    return StartupConfigReader.Read(configuration, hasMock: true).Routes.Count > 0;
                }
                catch (InvalidConfigException)
                {
                    return false;
                }
            }
        );

    private static void Run<T>(string[] corpus, Func<T, IEnumerable<FieldError>> validate, Action<T> use) =>
        Fuzzer.Run(
            corpus,
            json =>
            {
                T config;
                try
                {
                    config = ConfigJson.Read<T>(Encoding.UTF8.GetString(json));
                }
                catch (JsonException)
                {
                    return false;
                }

                if (validate(config).Any())
                {
                    return false;
                }

                use(config);
                var written = ConfigJson.Write(config);
                Assert.Equal(written, ConfigJson.Write(ConfigJson.Read<T>(written)));
                return true;
            }
        );
}
