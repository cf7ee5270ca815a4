using System.Globalization;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>The reservation covers the price of the bill, whichever model the response names.</summary>
public class ReservedPriceTests
{
    [Theory]
    // The deployment has a price; that of all others does not apply.
    [InlineData("mydeploy", "0.1", "*", "1000", "0.0000504")]
    [InlineData("mydeploy", "0.1", "gpt-5-mini", "1000", "0.0000504")]
    [InlineData("mydeploy", "1000", "gpt-5-mini", "0.1", "0.504")]
    // It has none, and the response names a model that has one.
    [InlineData("*", "0.1", "gpt-5-mini", "1000", "0.504")]
    [InlineData("my*", "1000", "gpt-5-mini", "0.1", "0.0000504")]
    [InlineData("my*", "0.1", "gpt-5-*", "1000", "0.0000504")]
    public async Task Chat_ResponseNamesOtherModel_CostsWhatIsReserved(
        string model,
        string rate,
        string otherModel,
        string otherRate,
        string cost
    )
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        foreach (var (name, price) in new[] { (model, rate), (otherModel, otherRate) })
        {
            using var put = await gateway.Client.PutAsync(
                $"/api/v1/llm/prices/2020-01-01/{name}?provider=fake",
                $$"""{"input":{{price}},"output":{{price}}}"""
            );
            await put.ReadAsync(201);
        }

        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        var held = 0m;
        provider.Behaviour = async call =>
        {
            held = (await gateway.BudgetAsync(id)).GetProperty("held").GetDecimal();
            await call.JsonAsync(
                200,
                """
                {"id":"c","object":"chat.completion","created":1,"model":"gpt-5-mini-2025-08-07",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
                 "usage":{"prompt_tokens":500,"completion_tokens":4,"total_tokens":504}}
                """
            );
        };

        Assert.Equal(
            200,
            await client.StatusAsync(
                """{"model":"fake/mydeploy","max_tokens":4,"messages":[{"role":"user","content":"Hello"}]}"""
            )
        );

        var expected = decimal.Parse(cost, CultureInfo.InvariantCulture);
        await Until.EqualAsync(
            expected,
            async () => (await gateway.BudgetAsync(id)).GetProperty("spent").GetDecimal()
        );
        Assert.InRange(held, expected, 1);
    }
}
