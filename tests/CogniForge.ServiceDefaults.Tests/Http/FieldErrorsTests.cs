using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.Tests.Http;

public class FieldErrorsTests
{
    [Fact]
    public void From_EndlessErrors_ListsTwentyAndMore()
    {
        var errors = FieldErrors.From(Endless());

        Assert.Equal(21, errors.Count);
        Assert.True(errors.IsFull);
        Assert.Equal("items[19]", errors[19].Path);
        Assert.Equal(new FieldError("", "has more errors; only the first 20 are listed"), errors[20]);
    }

    [Fact]
    public void From_TwentyErrors_ListsAll()
    {
        var errors = FieldErrors.From(Endless().Take(20));

        Assert.Equal(Endless().Take(20), errors);
        Assert.False(errors.IsFull);
    }

    [Fact]
    public void Add_LongPath_IsTruncated()
    {
        FieldErrors errors = [new(new string('x', 1_000_000), "is not a known field")];

        Assert.Equal($"{new string('x', 200)}…", errors[0].Path);
    }

    private static IEnumerable<FieldError> Endless()
    {
        for (var i = 0; ; i++)
        {
            yield return new($"items[{i}]", "is wrong");
        }
    }
}
