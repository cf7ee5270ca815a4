namespace CogniForge.Serving.Tests.Api;

public class InferencesTests(ServingService service) : IClassFixture<ServingService>
{
    private const string Path = "/v2/models/breast-cancer/infer";

    [Fact]
    public async Task Count_AfterAnswersAndRefusals_HasEachAnswerOnce()
    {
        (await service.RegisterAsync(ServingService.BreastCancerModel)).Dispose();
        for (var i = 1; i <= 3; i++)
        {
            using var answered = await service.Client.PostAsync(Path, ServingService.BreastCancerRequest);
            await answered.ReadAsync(200);
            using var refused = await service.Client.PostAsync(Path, "{}");
            await refused.ReadAsync(400);

            // A record that were stored twice, or one of a refusal, would be there before this answer's own.
            await Until.EqualAsync(i, () => service.CountAsync("inferences"));
        }
    }
}
